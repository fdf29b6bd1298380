"""The mail server: takes mail by SMTP or LMTP and hands it over as it came."""
