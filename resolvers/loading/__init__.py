"""Loaders of the nouns that have files of their own."""
