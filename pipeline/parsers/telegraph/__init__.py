"""Telegraph formats: ANPA 1312 of North America and IPTC 7901 of Europe, text framed by control characters.

    SYN SYN SOH  header  STX  text  ETX  date  EOT

`framing` finds the messages in the bytes, `charsets` makes text of them, `typography` makes lines and paragraphs of
that, `slugs` reads the keyword line, `trailer` the closing date; `anpa` and `iptc7901` are the dialects.

Identity: the number of a transmission says nothing, a story gets a new one each time it is sent. What its versions
share is the slug, the day and the source; so a lead, a write-through, a correction and a kill of one slug on one day
meet in one article. Adds, takes, inserts and subs do not replace the story and so are articles of their own. A version
that is sent after midnight under the next day's date is a new article: slugs come again every day, and joining two
stories would lose one of them. A wire that brings an id of its own keeps it.
"""
