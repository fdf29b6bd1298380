"""What the sender newly wrote: quotes, attribution, signature and footers taken away."""
