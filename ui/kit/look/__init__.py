"""The look as code: tokens, the style sheet, the typeface, icons."""
