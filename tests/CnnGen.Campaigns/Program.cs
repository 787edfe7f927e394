using System.Globalization;
using CnnGen.Campaigns;
using CnnGen.Campaigns.Files;
using CnnGen.Campaigns.Images;

// Numbers are read and printed alike everywhere, whatever the user's language.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args is [KillCampaign.SaverArgument, var path, var way])
{
    KillCampaign.SaveForEver(path, mayBeUnnamed: way == "unnamed");
    return 0;
}

if (args is [ResumeCampaign.TrainerArgument, var folder, var threads])
{
    Console.WriteLine(ResumeCampaign.Train(folder, int.Parse(threads, CultureInfo.InvariantCulture)));
    return 0;
}

// A class a campaign, and its line here.
Campaign[] campaigns =
[
    new CollectCampaign(),
    new FuzzCampaign(),
    new GraphsCampaign(),
    new KillCampaign(),
    new NamesCampaign(),
    new PlansCampaign(),
    new ResumeCampaign(),
    new ThreadsCampaign(),
    new ImagesCampaign(),
    new TokensCampaign(),
];

var parsed = CommandLine.Create(campaigns).Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message} (--help lists the campaigns and options)");
    return 2;
}

return parsed.Invoke();
