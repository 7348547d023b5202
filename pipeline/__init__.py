"""copytaster: reads every wire story as it arrives, for machines."""
