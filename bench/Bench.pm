# SPDX-License-Identifier: GPL-3.0-or-later
# Bench.pm - what the benchmarks share: running, timing, ratios, queues
#
# Everything is exported. begin() comes first: it says where all is.
package Bench;
use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Path qw(make_path);
use Getopt::Long qw(GetOptions);
use POSIX qw(_exit uname);

our @EXPORT = qw(fail slurp begin options src build home cost run_here row
    first shell entries fill clear time_row quantile ratios range digits label
    print_machine print_runs);

use constant RETRIES => 3;	# of a run that had to read from the disk

my ($src, $build, $home, $keep, %runs, $at_end);
my $owner = $$;
my $name = $0 =~ s{.*/}{}r;

$ENV{LC_ALL} = 'C';	# the quickest for ls, grep and sort
$SIG{INT} = $SIG{TERM} = sub { exit 130 };
$SIG{PIPE} = 'IGNORE';
$| = 1;

sub src { return $src }
sub build { return $build }
sub home { return $home }

sub fail { print STDERR "bench/$name: @_\n"; exit 1 }

sub slurp {
	my ($path) = @_;
	open my $fh, '<', $path or fail("$path: $!");
	local $/;
	return scalar <$fh>;
}

# begin($at_end, @programs): the directories, and what must have been built.
# $at_end is called when the benchmark ends, however that is.
sub begin {
	($at_end, my @programs) = @_;
	$ENV{$_} or fail("$_ is not set: run make bench")
	    for qw(MQ_SRCDIR MQ_BUILDDIR);
	($src, $build) = map { abs_path($_) } @ENV{qw(MQ_SRCDIR MQ_BUILDDIR)};
	-x "$build/$_" or fail("$build/$_ is missing: run make bench")
	    for @programs;
	$home = "$build/bench-queues";
	make_path("$home/state");
}

# The sizes of the queues: the default, or what the command line says.
sub options {
	my ($sizes) = @_;
	GetOptions('quick' => sub { $sizes = '1k,10k' },
	    'sizes=s' => \$sizes, 'keep' => \$keep) && !@ARGV
	    or fail("usage: bench/$name [--quick] [--sizes LIST] [--keep]");
	return map {
		/^([1-9]\d{0,6})([km]?)$/i or fail("--sizes: '$_'?");
		$1 * ($2 eq '' ? 1 : lc $2 eq 'k' ? 1000 : 1_000_000);
	} split /,/, $sizes;
}

# --- running one command -----------------------------------------------------

# The line of bench/measure at the end of what went to stderr.
sub cost {
	my ($out, $err) = @_;
	$err =~ /^measure ns=(\d+) cpu=(\d+) kib=(\d+) blocks=(\d+) status=/m
	    or return undef;
	return { ms => $1 / 1e6, cpu => $2 / 1e6, kib => $3, blocks => $4,
	    out => $out };
}

sub run_here {
	my (@command) = @_;
	my ($out, $err) = ("$home/out", "$home/err");
	my $pid = fork // fail("fork: $!");
	if ($pid == 0) {
		open(STDIN, '<', '/dev/null') && open(STDOUT, '>', $out)
		    && open(STDERR, '>', $err)
		    && exec("$build/bench/measure", @command);
		_exit(127);
	}
	waitpid($pid, 0);
	return cost(slurp($out), slurp($err))
	    // fail("'$command[0]' did not run: " . slurp($err));
}

sub row {
	my ($name, $run, $count, $truth) = @_;
	return { name => $name, run => $run, count => $count,
	    truth => $truth, ms => [], cpu => [], kib => 0,
	    prints => undef };
}

# The number that a command printed, by its pattern.
sub first { my ($re) = @_; return sub { $_[0] =~ $re ? $1 : '?' } }

sub shell {
	my ($command, $dir) = @_;
	return sub { run_here('sh', '-c', $command, 'sh', $dir) };
}

# --- queues ------------------------------------------------------------------

# How many names of a directory, and how many of them are messages.
sub entries {
	my ($dir) = @_;
	opendir my $dh, $dir or return (0, 0);
	my ($all, $messages) = (0, 0);
	while (defined(my $name = readdir $dh)) {
		$all++;
		$messages++ if $name =~ /^qf/;
	}
	return ($all, $messages);
}

# fill($dir, $names, $size, @options of mkqueue): makes the queue, unless it
# is there; $names is where its control files are.
sub fill {
	my ($dir, $names, $size, @options) = @_;
	my (undef, $messages) = entries($names);
	if ($messages != $size) {
		system('rm', '-rf', $dir);
		system("$build/bench/mkqueue", @options, $dir, $size) == 0
		    or fail('bench/mkqueue failed');
		system('sync', '-f', $dir);
	}
	return entries($names);
}

# Removes a queue that is done with.
sub clear {
	my ($dir) = @_;
	system('rm', '-rf', $dir) unless $keep;
}

# 100000 flat: "100k flat"
sub label {
	my ($size, $what) = @_;
	return ($size % 1e6 == 0 ? $size / 1e6 . 'M'
	    : $size % 1e3 == 0 ? $size / 1e3 . 'k' : $size) . " $what";
}

# --- measuring ---------------------------------------------------------------

# One timed run; unless the row is a cold one, a run that met a cold cache
# does not count.
sub time_row {
	my ($row, $round) = @_;
	my $r;
	for my $try (0 .. RETRIES) {
		$row->{before}->() if $row->{before};
		$r = $row->{run}->();
		$runs{all}++;
		last if $row->{before} || $r->{blocks} == 0;
		$runs{cold}++;
	}
	my $count = $row->{count}->($r->{out});
	$row->{prints} = $count
	    if !defined $row->{prints} || $count ne $row->{truth};
	$row->{kib} = $r->{kib} if $r->{kib} > $row->{kib};
	$row->{$_}[$round] = $r->{$_} for qw(ms cpu);
}

sub quantile {
	my ($p, @v) = @_;
	@v = sort { $a <=> $b } @v;
	my $at = $p * $#v;
	my $low = int $at;
	return $v[$low] if $low == $#v;
	return $v[$low] + ($at - $low) * ($v[$low + 1] - $v[$low]);
}

# How many times as long as the other row, round by round.
sub ratios {
	my ($unit, $row, $to) = @_;
	my @both = grep { defined $row->{$unit}[$_] && $to->{$unit}[$_] }
	    0 .. $#{$row->{$unit}};
	return map { $row->{$unit}[$_] / $to->{$unit}[$_] } @both;
}

sub digits {
	my ($v) = @_;
	return sprintf $v < 10 ? '%.2f' : $v < 100 ? '%.1f' : '%.0f', $v;
}

# The median, and where the middle half lies.
sub range {
	return sprintf '%s (%s-%s)',
	    map { digits(quantile($_, @_)) } .5, .25, .75;
}

# --- the table ---------------------------------------------------------------

sub load { return join ' ', (split ' ', slurp('/proc/loadavg'))[0, 1] }

sub print_machine {
	my (undef, undef, $release, undef, $machine) = uname();
	my (undef, $type) = split /\n/, `df --output=fstype '$home'`;
	my $cpus = () = slurp('/proc/cpuinfo') =~ /^processor\s*:/mg;
	printf "Linux %s %s, %d CPUs, %s, load %s at the start\n\n", $release,
	    $machine, $cpus, $type, load();
}

sub print_runs {
	printf "%d runs, of them repeated because they read the disk: %d; " .
	    "load %s at the end\n", $runs{all}, $runs{cold} // 0, load();
}

END {
	if ($$ == $owner) {
		my $status = $?;
		$at_end->() if $at_end;
		system('rm', '-rf', $home) if defined $home && !$keep;
		$? = $status;
	}
}

1;
