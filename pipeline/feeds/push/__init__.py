"""Wires that push: webhooks and WebSub hubs over HTTP.

`signatures` tells who sends, `reading` makes items of a body, `deliveries` waits for the broker, `rooms` bounds what is
held, `endpoint` answers, `websub` subscribes, `serving` starts and stops it all.
"""
