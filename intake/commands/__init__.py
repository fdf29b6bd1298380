"""What an operator types: one module per command, loaded only when it is called."""
