"""What a click and a position tell at the rim: device, city, 商圈. Only names go further than here."""
