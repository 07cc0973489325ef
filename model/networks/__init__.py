"""Networks, their weights and devices; images as networks get them."""
