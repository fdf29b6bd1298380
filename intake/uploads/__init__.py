"""Files and form bodies from outside: received with limits, judged by content, stored, served."""
