"""Tests of intake: files, directories and streams into raw items."""
