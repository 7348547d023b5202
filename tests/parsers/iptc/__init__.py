"""The formats of the IPTC: rules that goldens alone would not hold."""
