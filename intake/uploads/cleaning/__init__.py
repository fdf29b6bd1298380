"""The copy of an anonymous person's file for others: without who, where and with what."""
