# SPDX-License-Identifier: GPL-3.0-or-later
# Trace.pm - what a program asked of the system, out of strace
#
# Calls of a child count until it executes another program, which from then on
# answers for itself; so does what that one starts. Everything is exported.
package MQ::Trace;
use strict;
use warnings;

use Exporter qw(import);
use MQ;

our @EXPORT = qw(strace_command read_trace);

# The words before a program that write its calls to $file. Descriptors have
# their paths.
sub strace_command {
	my ($file) = @_;
	return ('strace', '-f', '-y', '-qq', '-s', '200', '-o', $file, '--');
}

# read_trace($file): {calls => {name => count}, execs, written, removed,
# opened: paths, sockets => families}. Only what succeeded, but for calls.
sub read_trace {
	my ($file) = @_;
	my %t = (calls => {}, map { $_ => [] }
	    qw(execs opened written changed sockets));
	my (%foreign, %begun, $main);
	for my $line (split /\n/, slurp($file)) {
		my ($pid, $call) = $line =~ /^(\d+) +(.*)/ or next;
		$main //= $pid;
		# A call that others interrupted is in two pieces.
		if ($call =~ s/ <unfinished \.\.\.>$//) {
			$begun{$pid} = $call;
			next;
		}
		$call = (delete $begun{$pid} // '') . $1
		    if $call =~ /^<\.\.\. \w+ resumed>(.*)/;
		my ($name, $args, $result) =
		    $call =~ /^(\w+)\((.*)\) += (.*)/ or next;
		next if $foreign{$pid};
		_note(\%t, $name, $args, $result);
		$foreign{$pid} = 1 if $name eq 'execve' && $pid != $main
		    && $result eq '0';
	}
	return \%t;
}

# The absolute path that a call names by a directory and a name.
sub _path {
	my ($args) = @_;
	my ($dir, $name) = $args =~ /^(?:[^,"]*<([^>]*)>(?:\(deleted\))?,\ )?
	    (?:"([^"]*)"|NULL)/x or return '?';
	return $dir // '?' if ($name // '') eq '';
	return $name =~ m{^/} ? $name : ($dir // '.') . "/$name";
}

sub _note {
	my ($t, $name, $args, $result) = @_;
	$t->{calls}{$name}++;
	return if $result =~ /^-1 /;
	if ($name =~ /^(?:open|openat|openat2|creat)$/) {
		my ($path) = $result =~ /^\d+<(.*?)(?:\(deleted\))?>/;
		push @{$t->{opened}}, $path;
		push @{$t->{written}}, $path
		    if $args =~ /O_(?:WRONLY|RDWR|CREAT|TRUNC|TMPFILE)/;
	} elsif ($name =~ /^(?:execve|execveat)$/) {
		push @{$t->{execs}}, _path($args);
	} elsif ($name eq 'socket') {
		push @{$t->{sockets}}, $args =~ /^(\w+)/;
	} elsif ($name =~ /^(?:unlink|rmdir|mkdir|mknod|chmod|chown|lchown
	    |truncate|symlink|link|rename|utime)/x) {
		push @{$t->{changed}}, _path($_) for
		    $name =~ /^(?:rename|link)/ ? _both($args) : $args;
	}
}

# The two names of a link or a rename.
sub _both {
	my ($args) = @_;
	return $args =~ /^((?:[^,"]*, )?"[^"]*"), ((?:[^,"]*, )?"[^"]*")/;
}

1;
