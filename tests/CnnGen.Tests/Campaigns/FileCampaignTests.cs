namespace CnnGen.Tests.Campaigns;

/// <summary>The short forms of the campaigns about files.</summary>
public class FileCampaignTests
{
    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        var summary = CampaignProgram.Run("fuzz", 3000);
        foreach (var kind in new[] { "safetensors", "IDX", "CIFAR" })
        {
            Assert.Contains($" {kind} read", summary);
            Assert.Contains($" {kind} refused", summary);
        }
    }

    [Fact]
    public void Killed_saves_leave_whole_files_and_nothing_beside_them()
    {
        if (OperatingSystem.IsLinux())
            Assert.Contains("12 kills", CampaignProgram.Run("kill", 12));
    }

    [Fact]
    public void Killed_trainings_go_on_to_the_bit()
    {
        if (OperatingSystem.IsLinux())
            Assert.Contains("1 trainings", CampaignProgram.Run("resume", 1));
    }
}
