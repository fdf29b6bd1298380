"""Mail of ours that came back: whom it did not reach, why, and whether it ever will."""
