"""Labeling a pool of images in rounds: the project, its queue, its costs and what the next round shall take."""
