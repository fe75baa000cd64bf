"""What we plug into allauth: adapters, a stage of signing in, forms."""
