"""The consumer: a library that books appointments in other organisations over GP Connect."""
