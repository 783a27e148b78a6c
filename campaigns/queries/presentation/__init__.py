"""What the presentation of a meeting shows, item by item; a module for each kind of item."""

from campaigns.queries.presentation.items import Presentation, UnknownItem, presentation

__all__ = ["Presentation", "UnknownItem", "presentation"]
