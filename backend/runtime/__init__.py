"""The ground under the processes: embedded servers, their supervisor, backup and restore."""
