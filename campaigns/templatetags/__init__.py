"""The template tags of the pages: ``look`` draws lights, figures, tables of heat and dates."""
