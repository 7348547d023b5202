"""The formats of the IPTC: NewsML-G2, NewsML 1.2, NITF and ninjs, each a dialect, read by the same rules."""
