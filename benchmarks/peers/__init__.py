"""What Tributary is measured beside: the same questions over the same vendors, as others would answer them."""
