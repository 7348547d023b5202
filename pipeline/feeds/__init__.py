"""Where items come from: standard input, a watched folder, archives. Each ends in `pipeline.bus.publisher`."""
