"""What metafor says about 76 data sets, and the code that compares equipoise with it."""
