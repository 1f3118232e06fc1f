"""Everything that becomes a file: the build folder with its figures, tables and notebooks."""
