/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readfloor.c - the least that reading a queue one file after the other costs
 *
 * readfloor DIR
 *
 * readdir, and for each qf* openat, one read of 4096 bytes, close; nothing is
 * looked at.  Prints the number of files read.  Linux only.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define HEAD 4096

int
main(int argc, char **argv)
{
	const int flags = O_RDONLY | O_NOATIME | O_CLOEXEC;
	const struct dirent *e;
	unsigned long files = 0;
	char head[HEAD];
	DIR *dir;
	int fd;

	if (argc != 2)
		errx(2, "usage: readfloor DIR");
	if ((dir = opendir(argv[1])) == NULL)
		err(1, "%s", argv[1]);
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] != 'q' || e->d_name[1] != 'f')
			continue;
		if ((fd = openat(dirfd(dir), e->d_name, flags)) == -1)
			err(1, "%s", e->d_name);
		if (read(fd, head, sizeof(head)) == -1)
			err(1, "%s", e->d_name);
		close(fd);
		files++;
	}
	closedir(dir);
	printf("%lu\n", files);
	return 0;
}
