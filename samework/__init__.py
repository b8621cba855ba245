"""samework: records that describe the same scholarly work, found and explained."""
