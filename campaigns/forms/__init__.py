"""Forms: what people type, read, checked and explained."""
