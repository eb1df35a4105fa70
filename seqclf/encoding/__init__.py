"""From raw text to padded token ids: encoders and padding."""
