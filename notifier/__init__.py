"""The way back: takes delivery rows to the channel they name, whatever breaks meanwhile."""
