"""One folder per channel, both directions in it; `intake.channel` says what each must offer."""
