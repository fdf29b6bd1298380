"""Work that waits for its moment: raw messages, recurring jobs, the schedule of retries."""
