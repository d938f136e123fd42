"""Writers behind a server, one module a protocol: takeaways, briefs, translations. Without one,
reading leaves extracts (`pipeline.takeaways.extracts`)."""
