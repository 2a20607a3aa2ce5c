"""Every mapping against the publisher's own files. Expected figures are read here without harmonize."""
