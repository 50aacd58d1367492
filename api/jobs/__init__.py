"""Durable background jobs: rosters are made in processes of their own and survive the death of any process."""
