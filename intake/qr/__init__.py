"""What a hospital prints: tokens and typed codes, QR pictures, posters and stickers."""
