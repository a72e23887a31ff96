// Nothing: the pre-check asks the browser for it, to learn whether it trusts the certificate.
