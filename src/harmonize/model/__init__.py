"""What things are: Pydantic models of offence, mapping, observation, finding, codelist, and how they are loaded."""
