"""What is promised when: pure."""
