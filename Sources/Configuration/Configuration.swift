// Configuration: YAML documents with places, the option table, pipeline files.
