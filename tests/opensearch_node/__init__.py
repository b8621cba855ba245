"""A real OpenSearch for the tests: assembled from locked jars, started on loopback."""
