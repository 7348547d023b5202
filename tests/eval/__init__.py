"""Quality: gold sets of our own, gates that hold their scores, and side-by-side runs with installable peers."""
