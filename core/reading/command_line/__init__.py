"""What the command line reads: tickets, one case, notices. Unscoped: whoever runs it has it all."""
