"""Every error that copytaster raises on purpose.

    CopytasterError
    ├── InputError            this one input is at fault; the rest of the work goes on
    │   ├── EmptyItem         empty_item
    │   ├── BinaryItem        binary_item
    │   ├── InvalidEncoding   invalid_encoding
    │   ├── ItemTooLarge      item_too_large
    │   ├── MalformedItem     malformed_item
    │   ├── NoArticle         no_article
    │   ├── UnsafeItem        unsafe_item: a DTD, a bomb, nesting without end
    │   └── UnreadableRecord  unreadable_record
    ├── StageError            stage_failed: a stage broke on a record (our fault, never the wire's)
    ├── FetchError            fetch_failed: an address did not give what it was asked for, this time
    │   ├── AddressRefused    address_refused: not http(s), not public, or written to deceive
    │   └── AnswerTooLarge    answer_too_large
    ├── RequestRefused        request_refused: a push that is not taken, with the status it is answered with
    │   └── SenderRefused     sender_refused: not signed by who holds the secret
    ├── DeliveryError         delivery_failed: the broker did not acknowledge an output
    ├── ConfigError           bad_config: nothing starts before the setting is changed
    └── BrokerError           broker_error
        ├── BrokerAbsent      broker_absent
        ├── BrokerTooOld      broker_too_old
        ├── BrokerRefused     broker_refused: authentication or authorization
        └── TopicMissing      topic_missing

A `code` is one of a closed set: it is a metric label and the error code of a dead letter. The message is one
sentence for a person and says what to do next where there is something to do.
"""

from __future__ import annotations

from typing import ClassVar


class CopytasterError(Exception):
    """Base of all; `code` is bounded, `retriable` says whether the same input may succeed later."""

    code: ClassVar[str] = "error"
    retriable: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1


class InputError(CopytasterError):
    """An input cannot be read as an article."""

    code = "bad_input"


class EmptyItem(InputError):
    """The item holds no bytes, or only white space."""

    code = "empty_item"


class BinaryItem(InputError):
    """The item is a picture, an archive or another file that is no text."""

    code = "binary_item"


class InvalidEncoding(InputError):
    """The item claims to be text, but its bytes are in no encoding that was stated or can be told."""

    code = "invalid_encoding"


class ItemTooLarge(InputError):
    """The item is larger than the cap in `pipeline.limits`."""

    code = "item_too_large"


class MalformedItem(InputError):
    """The item breaks the rules of its own format."""

    code = "malformed_item"


class NoArticle(InputError):
    """The item is well formed, but there is no article text in it."""

    code = "no_article"


class UnsafeItem(InputError):
    """Reading the item could harm the machine: a DTD of its own, or far more structure than any news has."""

    code = "unsafe_item"


class UnreadableRecord(InputError):
    """A value on a topic is not the record that the topic carries."""

    code = "unreadable_record"


class StageError(CopytasterError):
    """A stage failed on a record in a way that nobody foresaw."""

    code = "stage_failed"

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage


class FetchError(CopytasterError):
    """An address did not give what it was asked for: no answer, too slow, damaged, lost in redirects."""

    code = "fetch_failed"
    retriable = True


class AddressRefused(FetchError):
    """An address may not be fetched: it is not http or https, not public, or written to deceive."""

    code = "address_refused"
    retriable = False


class AnswerTooLarge(FetchError):
    """The body of an answer, decoded, is larger than its cap."""

    code = "answer_too_large"
    retriable = False


class RequestRefused(CopytasterError):
    """A push is not taken; `status` is the HTTP status of its answer, `retry` the seconds to wait, if any."""

    code = "request_refused"

    def __init__(self, message: str, *, status: int = 400, retry: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry = retry


class SenderRefused(RequestRefused):
    """A push is not signed, or not by who holds the secret."""

    code = "sender_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, status=401)


class DeliveryError(CopytasterError):
    """The broker did not acknowledge a record that was sent to it."""

    code = "delivery_failed"
    retriable = True


class ConfigError(CopytasterError):
    """A setting is missing or wrong."""

    code = "bad_config"
    exit_code = 2


class BrokerError(CopytasterError):
    """The broker cannot serve."""

    code = "broker_error"
    retriable = True
    exit_code = 3


class BrokerAbsent(BrokerError):
    """Nobody answers at the broker's address."""

    code = "broker_absent"


class BrokerTooOld(BrokerError):
    """The broker lacks a request that copytaster needs."""

    code = "broker_too_old"
    retriable = False


class BrokerRefused(BrokerError):
    """The broker refuses the credentials, or what they may do."""

    code = "broker_refused"
    retriable = False


class TopicMissing(BrokerError):
    """A topic is not there; `copytaster topics create` makes it."""

    code = "topic_missing"
    retriable = False
