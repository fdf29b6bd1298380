"""Who may see and do what with which ticket."""
