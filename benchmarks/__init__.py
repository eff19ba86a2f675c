"""What `make bench` runs: Tributary beside its peers over the same vendors, and the page that tells how they did."""
