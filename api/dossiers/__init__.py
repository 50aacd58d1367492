"""Dossiers of an HDS: import, edit by part, export without loss."""
