"""E-mail: releases and stories that come by mail (RFC 5322, MIME).

`envelope` tells a mail from other text, `tree` chooses the part that is the story, `release` takes off what mail
programs, lists and press offices put around it, `letter` is the dialect.
"""
