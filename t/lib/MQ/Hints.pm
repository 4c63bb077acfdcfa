# SPDX-License-Identifier: GPL-3.0-or-later
# Hints.pm - the commands that programs print for people, and pasting them
#
# Everything is exported.
package MQ::Hints;
use strict;
use warnings;

use Exporter qw(import);
use MQ;

our @EXPORT = qw(hints paste);

my $PROGRAM = qr{(?:/usr/sbin/sendmail|mailq|sendmail|usermod|qflush|qstat
    |qblock|flood-response|mqreport|mqc|bb-ext|check_mqueue|check_relayflood
    |/usr/lib/nagios/plugins/\w+)}x;

# hints($text): the commands that it tells the reader to run, in their order:
# what follows a colon, or is alone on a line that is set in.
sub hints {
	my ($text) = @_;
	my @found;
	for (split /\n/, $text) {
		push @found, $1
		    if /^(?:.*(?::[ ]|->[ ])|[ ]+)($PROGRAM(?:[ ].*)?)$/x;
	}
	return @found;
}

# paste($command, %opt): a shell runs it as it is, as run() does. Options: env,
# dir (where the shell is), path (default: our programs, then the system's).
sub paste {
	my ($command, %opt) = @_;
	my $build = builddir();
	my $path = $opt{path} // join ':', "$build/bin", '/usr/local/sbin',
	    '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin';
	return run({env => {%{$opt{env} // {}}, PATH => $path}}, 'sh', '-c',
	    'cd "$1" && eval "$2"', 'sh', $opt{dir} // '/', $command);
}

1;
